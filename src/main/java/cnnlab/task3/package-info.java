/** Task 3: classification of PatchCamelyon patches at 32x32 as tumour or normal tissue. */
package cnnlab.task3;
